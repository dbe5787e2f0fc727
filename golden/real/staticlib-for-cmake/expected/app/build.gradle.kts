plugins {
    id("com.android.application") version "8.11.0"
}

android {
    namespace = "org.example.app"
    defaultConfig {
        externalNativeBuild {
            cmake {
                arguments += "-DANDROID_STL=c++_shared"
            }
        }
    }
    buildTypes {
        debug {
            ndk {
                abiFilters += "arm64-v8a"
            }
        }
    }
    externalNativeBuild {
        cmake {
            path = file("src/main/cpp/CMakeLists.txt")
        }
    }
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, the Android Gradle plugin uses its default NDK.
    ndkVersion = "28.2.13676358"
}
// <<< scaffold:gradle
