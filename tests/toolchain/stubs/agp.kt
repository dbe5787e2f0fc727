// The Android Gradle plugin is on no registry but Google's: the thinnest types that the scripts touch.

package com.android.build.api.dsl

import org.gradle.api.Action
import org.gradle.api.JavaVersion

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

interface LibraryExtension {
    var ndkVersion: String
    var namespace: String?
    var compileSdk: Int?
    val defaultConfig: LibraryDefaultConfig
    val compileOptions: CompileOptions

    fun defaultConfig(action: LibraryDefaultConfig.() -> Unit)

    fun compileOptions(action: CompileOptions.() -> Unit)
}
