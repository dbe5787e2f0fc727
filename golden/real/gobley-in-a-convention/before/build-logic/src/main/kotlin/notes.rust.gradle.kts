plugins {
    alias(libs.plugins.kotlin.multiplatform)
    alias(libs.plugins.android.library)
    alias(libs.plugins.gobley.cargo)
    alias(libs.plugins.gobley.uniffi)
}

kotlin {
    androidTarget()
    jvm()
}

android {
    compileSdk = 36
    ndkVersion = libs.versions.android.ndk.get()
}
