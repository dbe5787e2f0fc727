// The accessors that Gradle generates where the Android library plugin is applied.

package accessors.android

import com.android.build.api.dsl.LibraryExtension
import org.gradle.api.Action
import org.gradle.api.Project

val Project.android: LibraryExtension get() = extensions.getByType(LibraryExtension::class.java)

fun Project.android(configure: Action<LibraryExtension>) = extensions.configure("android", configure)
