// The accessors that Gradle generates where `application` is applied.

package accessors.application

import org.gradle.api.Action
import org.gradle.api.Project
import org.gradle.api.plugins.JavaApplication

val Project.application: JavaApplication get() = extensions.getByType(JavaApplication::class.java)

fun Project.application(configure: Action<JavaApplication>) = extensions.configure("application", configure)
