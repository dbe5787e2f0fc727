pluginManagement {
    repositories {
        // Gobley's plugins are here, not on the plugin portal.
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        mavenCentral()
    }
}

rootProject.name = "my-app"
