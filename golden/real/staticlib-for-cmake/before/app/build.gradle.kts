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
