pluginManagement {
    repositories {
        google()
        // Gobley's plugins are here, not on the plugin portal.
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "my-app"
