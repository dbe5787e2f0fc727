plugins {
    id("com.android.library")
    kotlin("android")
}

android {
    namespace = "org.example.sdk"
}

tasks.register<Exec>("buildCore") {
    workingDir = rootDir
    commandLine("bash", "make-core.sh")
}
