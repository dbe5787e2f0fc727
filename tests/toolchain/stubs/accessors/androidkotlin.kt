// The accessors that Gradle generates where this Kotlin plugin is applied.

package accessors.androidkotlin

import org.gradle.api.Action
import org.gradle.api.Project
import org.jetbrains.kotlin.gradle.dsl.KotlinAndroidProjectExtension

val Project.kotlin: KotlinAndroidProjectExtension get() = extensions.getByType(KotlinAndroidProjectExtension::class.java)

fun Project.kotlin(configure: Action<KotlinAndroidProjectExtension>) = extensions.configure("kotlin", configure)
