plugins {
    id("com.android.library") version "8.7.3"
    id("org.example.cargo-ndk") version "0.4.0"
}

android {
    namespace = "org.example.lib"
    ndkVersion = Versions.ndk(project)
}

cargoNdk {
    targets = arrayListOf("arm64", "x86_64")
    module = "native"
}
