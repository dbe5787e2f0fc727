// The accessors that Gradle generates where `dev.gobley.uniffi` is applied.

package accessors.uniffi

import gobley.gradle.uniffi.dsl.UniFfiExtension
import org.gradle.api.Action
import org.gradle.api.Project

val Project.uniffi: UniFfiExtension get() = extensions.getByType(UniFfiExtension::class.java)

fun Project.uniffi(configure: Action<UniFfiExtension>) = extensions.configure("uniffi", configure)
