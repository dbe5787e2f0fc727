// The accessors that Gradle generates where this Kotlin plugin is applied.

package accessors.multiplatform

import org.gradle.api.Action
import org.gradle.api.NamedDomainObjectContainer
import org.gradle.api.Project
import org.jetbrains.kotlin.gradle.dsl.KotlinMultiplatformExtension
import org.jetbrains.kotlin.gradle.plugin.KotlinSourceSet

val Project.kotlin: KotlinMultiplatformExtension get() = extensions.getByType(KotlinMultiplatformExtension::class.java)

fun Project.kotlin(configure: Action<KotlinMultiplatformExtension>) = extensions.configure("kotlin", configure)

// `sourceSets` is an extension of `kotlin`, which is why Gradle generates this one too.
fun KotlinMultiplatformExtension.sourceSets(configure: Action<NamedDomainObjectContainer<KotlinSourceSet>>) =
    configure.execute(sourceSets)
