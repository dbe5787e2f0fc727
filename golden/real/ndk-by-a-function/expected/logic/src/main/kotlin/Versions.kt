import org.gradle.api.Project

object Versions {
    fun ndk(project: Project): String = System.getenv("NDK") ?: project.property("ndk").toString()
}
