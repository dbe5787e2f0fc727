// The accessors that Gradle generates where this Kotlin plugin is applied.

package accessors.jvm

import org.gradle.api.Action
import org.gradle.api.Project
import org.jetbrains.kotlin.gradle.dsl.KotlinJvmProjectExtension

val Project.kotlin: KotlinJvmProjectExtension get() = extensions.getByType(KotlinJvmProjectExtension::class.java)

fun Project.kotlin(configure: Action<KotlinJvmProjectExtension>) = extensions.configure("kotlin", configure)
