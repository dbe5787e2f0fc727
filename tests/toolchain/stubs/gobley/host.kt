// The machine that builds. The system property `scaffold.host` (`Windows/Arm64`) plays another one.

package gobley.gradle

import gobley.gradle.rust.targets.RustPosixTarget
import gobley.gradle.rust.targets.RustTarget
import gobley.gradle.rust.targets.RustWindowsTarget

private val played get() = System.getProperty("scaffold.host", "Linux/X64").split('/')

@RequiresOptIn
@Retention(AnnotationRetention.BINARY)
annotation class InternalGobleyGradleApi

enum class Variant { Debug, Release }

data class GobleyHost(val platform: Platform, val arch: Arch) {
    enum class Platform {
        Windows,
        MacOS,
        Linux,
        ;

        val isCurrent get() = name == played[0]
    }

    enum class Arch { X64, Arm64 }

    val rustTarget: RustTarget
        get() = when (platform) {
            Platform.Windows -> if (arch == Arch.X64) RustWindowsTarget.X64 else RustWindowsTarget.Arm64
            Platform.MacOS -> if (arch == Arch.X64) RustPosixTarget.MacOSX64 else RustPosixTarget.MacOSArm64
            Platform.Linux -> if (arch == Arch.X64) RustPosixTarget.LinuxX64 else RustPosixTarget.LinuxArm64
        }

    companion object {
        val current: GobleyHost
            get() = GobleyHost(Platform.valueOf(played[0]), Arch.valueOf(played[1]))
    }
}
