// The accessors that Gradle generates where `dev.gobley.cargo` is applied.

package accessors.cargo

import gobley.gradle.cargo.dsl.CargoExtension
import org.gradle.api.Action
import org.gradle.api.Project

val Project.cargo: CargoExtension get() = extensions.getByType(CargoExtension::class.java)

fun Project.cargo(configure: Action<CargoExtension>) = extensions.configure("cargo", configure)
