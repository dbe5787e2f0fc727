// Gobley's Rust targets, as far as the generated blocks name them.

package gobley.gradle.rust.targets

interface RustTarget {
    val friendlyName: String
    val rustTriple: String
}

interface RustMobileTarget : RustTarget

interface RustDesktopTarget : RustTarget

interface RustJvmTarget : RustDesktopTarget

interface RustNativeTarget : RustTarget

enum class RustAndroidTarget(override val rustTriple: String) : RustMobileTarget {
    Arm64("aarch64-linux-android"),
    ArmV7("armv7-linux-androideabi"),
    X64("x86_64-linux-android"),
    X86("i686-linux-android"),
    ;

    override val friendlyName get() = "Android$name"
}

enum class RustPosixTarget(override val rustTriple: String) : RustJvmTarget, RustNativeTarget {
    MinGWX64("x86_64-pc-windows-gnu"),
    MacOSX64("x86_64-apple-darwin"),
    MacOSArm64("aarch64-apple-darwin"),
    LinuxX64("x86_64-unknown-linux-gnu"),
    LinuxArm64("aarch64-unknown-linux-gnu"),
    ;

    override val friendlyName get() = name

    fun isLinux() = this == LinuxX64 || this == LinuxArm64
}

enum class RustWindowsTarget(override val rustTriple: String) : RustJvmTarget {
    X64("x86_64-pc-windows-msvc"),
    Arm64("aarch64-pc-windows-msvc"),
    ;

    override val friendlyName get() = "Windows$name"
}
