// What AGP 8 calls `android` in an app and in a library: classes beside AGP 9's interfaces, with actions beside its lambdas.

package com.android.build.gradle

import com.android.build.api.dsl.ApplicationDefaultConfig
import com.android.build.api.dsl.ApplicationExtension
import com.android.build.api.dsl.LibraryDefaultConfig
import org.gradle.api.Action
import com.android.build.api.dsl.LibraryExtension as NewLibraryExtension

abstract class BaseAppModuleExtension : ApplicationExtension {
    abstract fun defaultConfig(action: Action<ApplicationDefaultConfig>)
}

abstract class LibraryExtension : NewLibraryExtension {
    abstract fun defaultConfig(action: Action<LibraryDefaultConfig>)
}
