// The accessors that Gradle generates where AGP 9's application plugin is applied.

package accessors.agp9app

import com.android.build.api.dsl.ApplicationExtension
import com.android.build.api.variant.ApplicationAndroidComponentsExtension
import org.gradle.api.Action
import org.gradle.api.Project

val Project.android: ApplicationExtension get() = extensions.getByType(ApplicationExtension::class.java)

fun Project.android(configure: Action<ApplicationExtension>) = extensions.configure("android", configure)

val Project.androidComponents: ApplicationAndroidComponentsExtension
    get() = extensions.getByType(ApplicationAndroidComponentsExtension::class.java)

fun Project.androidComponents(configure: Action<ApplicationAndroidComponentsExtension>) = extensions.configure("androidComponents", configure)
