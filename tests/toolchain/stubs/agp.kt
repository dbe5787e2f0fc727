// The Android Gradle plugin is on no registry but Google's: the thinnest types that the scripts touch.

package com.android.build.api.dsl

import org.gradle.api.JavaVersion
import org.gradle.api.file.Directory
import org.gradle.api.provider.Provider

interface Ndk {
    val abiFilters: MutableSet<String>
}

interface LibraryDefaultConfig {
    var minSdk: Int?
    val ndk: Ndk

    fun ndk(action: Ndk.() -> Unit)
}

interface CompileOptions {
    var sourceCompatibility: JavaVersion
    var targetCompatibility: JavaVersion
}

interface ApplicationDefaultConfig {
    var minSdk: Int?
    val ndk: Ndk

    fun ndk(action: Ndk.() -> Unit)
}

interface SdkComponents {
    val ndkDirectory: Provider<Directory>
    val sdkDirectory: Provider<Directory>
}

interface ApplicationExtension {
    var ndkVersion: String
    val defaultConfig: ApplicationDefaultConfig

    fun defaultConfig(action: ApplicationDefaultConfig.() -> Unit)
}

interface LibraryExtension {
    var ndkVersion: String
    var namespace: String?
    var compileSdk: Int?
    val defaultConfig: LibraryDefaultConfig
    val compileOptions: CompileOptions

    fun defaultConfig(action: LibraryDefaultConfig.() -> Unit)

    fun compileOptions(action: CompileOptions.() -> Unit)
}
