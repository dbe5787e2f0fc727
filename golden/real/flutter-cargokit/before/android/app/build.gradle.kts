plugins {
    id("com.android.application")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "org.example.app"
    ndkVersion = flutter.ndkVersion
}
