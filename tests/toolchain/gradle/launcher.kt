// Runs a build in this process with Gradle's own runtime. All of it is internal API of Gradle 8.11.1.

package launcher

import org.gradle.api.internal.StartParameterInternal
import org.gradle.api.logging.LogLevel
import org.gradle.api.logging.configuration.ShowStacktrace
import org.gradle.initialization.DefaultBuildCancellationToken
import org.gradle.initialization.DefaultBuildRequestContext
import org.gradle.initialization.DefaultBuildRequestMetaData
import org.gradle.initialization.NoOpBuildEventConsumer
import org.gradle.internal.buildoption.Option
import org.gradle.internal.buildprocess.BuildProcessState
import org.gradle.internal.classpath.ClassPath
import org.gradle.internal.installation.CurrentGradleInstallation
import org.gradle.internal.installation.GradleInstallation
import org.gradle.internal.instrumentation.agent.AgentStatus
import org.gradle.internal.logging.services.DefaultLoggingManagerFactory
import org.gradle.internal.logging.services.LoggingServiceRegistry
import org.gradle.internal.nativeintegration.services.NativeServices
import org.gradle.internal.watch.registry.WatchMode
import org.gradle.launcher.exec.BuildExecutor
import org.gradle.launcher.exec.DefaultBuildActionParameters
import org.gradle.tooling.internal.provider.action.ExecuteBuildAction
import java.io.File

/** Gradle's home, the user's home, the build's folder, then tasks. */
fun main(arguments: Array<String>) {
    val (home, userHome, folder) = arguments.take(3).map(::File)
    CurrentGradleInstallation::class.java.getDeclaredField("instance").apply {
        isAccessible = true
        set(null, CurrentGradleInstallation(GradleInstallation(home)))
    }
    NativeServices.initializeOnDaemon(userHome, NativeServices.NativeServicesMode.DISABLED)
    val logging = LoggingServiceRegistry.newCommandLineProcessLogging()
    logging.get(DefaultLoggingManagerFactory::class.java).root.run {
        captureSystemSources()
        attachSystemOutAndErr()
        setLevelInternal(LogLevel.LIFECYCLE)
        start()
    }
    val parameters = StartParameterInternal().apply {
        gradleUserHomeDir = userHome
        setCurrentDir(folder)
        setTaskNames(arguments.drop(3))
        isDryRun = java.lang.Boolean.getBoolean("proof.dry")
        setWatchFileSystemMode(WatchMode.DISABLED)
        isOffline = true
        setConfigurationCache(Option.Value.value(System.getProperty("proof.configuration-cache") != null))
        showStacktrace = ShowStacktrace.ALWAYS
    }
    val process = BuildProcessState(true, AgentStatus.disabled(), ClassPath.EMPTY, logging, NativeServices.getInstance())
    val result = process.services.get(BuildExecutor::class.java).execute(
        ExecuteBuildAction(parameters),
        DefaultBuildActionParameters(
            System.getProperties(), System.getenv(), folder, LogLevel.LIFECYCLE, false, ClassPath.EMPTY,
        ),
        DefaultBuildRequestContext(
            DefaultBuildRequestMetaData(System.currentTimeMillis()),
            DefaultBuildCancellationToken(),
            NoOpBuildEventConsumer(),
        ),
    )
    if (result.hasFailure()) result.exception?.printStackTrace()
    System.out.flush()
    // Gradle's threads would keep the process alive.
    Runtime.getRuntime().halt(if (result.hasFailure()) 1 else 0)
}
