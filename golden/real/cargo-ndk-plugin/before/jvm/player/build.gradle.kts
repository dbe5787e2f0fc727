plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.cargo.ndk)
}

android {
    namespace = "org.example.player"
    compileSdk = 35
}

cargoNdk {
    targets = arrayListOf("arm64", "x86_64")
    module = "../"
    librariesNames = arrayListOf("libplayer_ffi.so")
}
