// The `cargo {}` extension: what Gobley 0.2.0 to 0.3.7 have in common, as far as the generated blocks and starters go.

package gobley.gradle.cargo.dsl

import gobley.gradle.Variant
import gobley.gradle.cargo.tasks.CargoBuildTask
import gobley.gradle.cargo.tasks.CargoCheckTask
import gobley.gradle.rust.targets.RustAndroidTarget
import gobley.gradle.rust.targets.RustDesktopTarget
import gobley.gradle.rust.targets.RustJvmTarget
import gobley.gradle.rust.targets.RustMobileTarget
import gobley.gradle.rust.targets.RustNativeTarget
import gobley.gradle.rust.targets.RustPosixTarget
import gobley.gradle.rust.targets.RustTarget
import gobley.gradle.rust.targets.RustWindowsTarget
import org.gradle.api.Named
import org.gradle.api.NamedDomainObjectCollection
import org.gradle.api.Project
import org.gradle.api.file.DirectoryProperty
import org.gradle.api.provider.Property
import org.gradle.api.provider.SetProperty
import org.gradle.api.tasks.TaskProvider
import java.io.File
import javax.inject.Inject

interface HasDynamicLibraries {
    val dynamicLibraries: SetProperty<String>
    val dynamicLibrarySearchPaths: SetProperty<File>
    val embedRustLibrary: Property<Boolean>
}

interface HasVariants<out VariantT> {
    val debug: VariantT
    val release: VariantT
    val variants: Iterable<VariantT>

    fun variants(action: VariantT.() -> Unit) = variants.forEach(action)
}

interface CargoBuildVariant<out TargetT : RustTarget> {
    val rustTarget: TargetT
    val variant: Variant
    val buildTaskProvider: TaskProvider<CargoBuildTask>
    val checkTaskProvider: TaskProvider<CargoCheckTask>
}

interface CargoBuild<out VariantT : CargoBuildVariant<RustTarget>> : Named, HasVariants<VariantT> {
    val project: Project
    val rustTarget: RustTarget
}

interface CargoDesktopBuild<out VariantT : CargoBuildVariant<RustDesktopTarget>> : CargoBuild<VariantT> {
    override val rustTarget: RustDesktopTarget
}

interface CargoMobileBuild<out VariantT : CargoBuildVariant<RustMobileTarget>> : CargoBuild<VariantT> {
    override val rustTarget: RustMobileTarget
}

interface CargoNativeBuild<out VariantT : CargoBuildVariant<RustNativeTarget>> : CargoBuild<VariantT> {
    override val rustTarget: RustNativeTarget
}

interface CargoJvmBuild<out VariantT : CargoBuildVariant<RustJvmTarget>> :
    CargoDesktopBuild<VariantT>,
    HasDynamicLibraries {
    override val rustTarget: RustJvmTarget
    val jvmVariant: Property<Variant>
}

class BuildVariant<out TargetT : RustTarget>(
    project: Project,
    override val rustTarget: TargetT,
    override val variant: Variant,
) : CargoBuildVariant<TargetT> {
    override val buildTaskProvider: TaskProvider<CargoBuildTask> =
        project.tasks.register("cargoBuild${rustTarget.friendlyName}$variant", CargoBuildTask::class.java)
    override val checkTaskProvider: TaskProvider<CargoCheckTask> =
        project.tasks.register("cargoCheck${rustTarget.friendlyName}$variant", CargoCheckTask::class.java)
}

abstract class DefaultCargoBuild<out TargetT : RustTarget>(
    final override val project: Project,
    final override val rustTarget: TargetT,
) : CargoBuild<BuildVariant<TargetT>> {
    override fun getName() = rustTarget.friendlyName

    override fun toString() = rustTarget.friendlyName

    final override val debug = BuildVariant(project, rustTarget, Variant.Debug)
    final override val release = BuildVariant(project, rustTarget, Variant.Release)
    final override val variants: Iterable<BuildVariant<TargetT>> = listOf(debug, release)
}

abstract class CargoAndroidBuild @Inject constructor(project: Project, rustTarget: RustAndroidTarget) :
    DefaultCargoBuild<RustAndroidTarget>(project, rustTarget),
    CargoMobileBuild<BuildVariant<RustAndroidTarget>>,
    HasDynamicLibraries

abstract class CargoPosixBuild @Inject constructor(project: Project, rustTarget: RustPosixTarget) :
    DefaultCargoBuild<RustPosixTarget>(project, rustTarget),
    CargoJvmBuild<BuildVariant<RustPosixTarget>>,
    CargoNativeBuild<BuildVariant<RustPosixTarget>>

abstract class CargoWindowsBuild @Inject constructor(project: Project, rustTarget: RustWindowsTarget) :
    DefaultCargoBuild<RustWindowsTarget>(project, rustTarget),
    CargoJvmBuild<BuildVariant<RustWindowsTarget>>

interface CargoBuildCollection<T : CargoBuild<*>> : NamedDomainObjectCollection<T> {
    override fun <S : T> withType(type: Class<S>): CargoBuildCollection<S>
}

@get:JvmName("android")
val CargoBuildCollection<CargoBuild<*>>.android get() = withType(CargoAndroidBuild::class.java)

@JvmName("configureAndroid")
fun CargoBuildCollection<CargoBuild<*>>.android(action: CargoAndroidBuild.() -> Unit) =
    android.apply { configureEach(action) }

@get:JvmName("jvm")
val CargoBuildCollection<CargoBuild<*>>.jvm get() = withType(CargoJvmBuild::class.java)

@JvmName("configureJvm")
fun CargoBuildCollection<CargoBuild<*>>.jvm(action: CargoJvmBuild<*>.() -> Unit) = jvm.apply { configureEach(action) }

@get:JvmName("windows")
val CargoBuildCollection<CargoBuild<*>>.windows get() = withType(CargoWindowsBuild::class.java)

@JvmName("configureWindows")
fun CargoBuildCollection<CargoBuild<*>>.windows(action: CargoWindowsBuild.() -> Unit) =
    windows.apply { configureEach(action) }

@get:JvmName("linux")
val CargoBuildCollection<CargoBuild<*>>.linux
    get() = withType(CargoPosixBuild::class.java).matching { it.rustTarget.isLinux() }

@JvmName("configureLinux")
fun CargoBuildCollection<CargoBuild<*>>.linux(action: CargoPosixBuild.() -> Unit) = linux.apply { configureEach(action) }

// The same names for collections that are narrowed already: a script has to pick the right ones.

@get:JvmName("mobileAndroid")
val CargoBuildCollection<CargoMobileBuild<*>>.android get() = withType(CargoAndroidBuild::class.java)

@JvmName("configureMobileAndroid")
fun CargoBuildCollection<CargoMobileBuild<*>>.android(action: CargoAndroidBuild.() -> Unit) =
    android.apply { configureEach(action) }

@get:JvmName("desktopLinux")
val CargoBuildCollection<CargoDesktopBuild<*>>.linux
    get() = withType(CargoPosixBuild::class.java).matching { it.rustTarget.isLinux() }

@JvmName("desktopConfigureLinux")
fun CargoBuildCollection<CargoDesktopBuild<*>>.linux(action: CargoPosixBuild.() -> Unit) =
    linux.apply { configureEach(action) }

@get:JvmName("jvmLinux")
val CargoBuildCollection<CargoJvmBuild<*>>.linux
    get() = withType(CargoPosixBuild::class.java).matching { it.rustTarget.isLinux() }

@JvmName("configureJvmLinux")
fun CargoBuildCollection<CargoJvmBuild<*>>.linux(action: CargoPosixBuild.() -> Unit) =
    linux.apply { configureEach(action) }

@get:JvmName("jvmWindows")
val CargoBuildCollection<CargoJvmBuild<*>>.windows get() = withType(CargoWindowsBuild::class.java)

@JvmName("configureJvmWindows")
fun CargoBuildCollection<CargoJvmBuild<*>>.windows(action: CargoWindowsBuild.() -> Unit) =
    windows.apply { configureEach(action) }

class StoredBuilds<T : CargoBuild<*>>(
    private val stored: NamedDomainObjectCollection<T>,
) : NamedDomainObjectCollection<T> by stored,
    CargoBuildCollection<T> {
    override fun <S : T> withType(type: Class<S>): CargoBuildCollection<S> = StoredBuilds(stored.withType(type))
}

abstract class CargoExtension @Inject constructor(val project: Project) {
    val packageDirectory: DirectoryProperty =
        project.objects.directoryProperty().convention(project.layout.projectDirectory)

    private val container = project.container(CargoBuild::class.java)

    @Suppress("UNCHECKED_CAST")
    val builds: CargoBuildCollection<CargoBuild<CargoBuildVariant<RustTarget>>> =
        StoredBuilds(container as NamedDomainObjectCollection<CargoBuild<CargoBuildVariant<RustTarget>>>)

    fun plan(target: RustTarget) {
        container.add(
            when (target) {
                is RustAndroidTarget -> project.objects.newInstance(CargoAndroidBuild::class.java, project, target)
                is RustPosixTarget -> project.objects.newInstance(CargoPosixBuild::class.java, project, target)
                else -> project.objects.newInstance(CargoWindowsBuild::class.java, project, target as RustWindowsTarget)
            },
        )
    }
}
