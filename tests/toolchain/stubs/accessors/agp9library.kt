// The accessors that Gradle generates where AGP 9's library plugin is applied.

package accessors.agp9library

import com.android.build.api.dsl.LibraryExtension
import com.android.build.api.variant.LibraryAndroidComponentsExtension
import org.gradle.api.Action
import org.gradle.api.Project

val Project.android: LibraryExtension get() = extensions.getByType(LibraryExtension::class.java)

fun Project.android(configure: Action<LibraryExtension>) = extensions.configure("android", configure)

val Project.androidComponents: LibraryAndroidComponentsExtension
    get() = extensions.getByType(LibraryAndroidComponentsExtension::class.java)

fun Project.androidComponents(configure: Action<LibraryAndroidComponentsExtension>) = extensions.configure("androidComponents", configure)
