// The accessors that Gradle generates where AGP 8's application plugin is applied.

package accessors.agp8app

import com.android.build.api.variant.ApplicationAndroidComponentsExtension
import com.android.build.gradle.BaseAppModuleExtension
import org.gradle.api.Action
import org.gradle.api.Project

val Project.android: BaseAppModuleExtension get() = extensions.getByType(BaseAppModuleExtension::class.java)

fun Project.android(configure: Action<BaseAppModuleExtension>) = extensions.configure("android", configure)

val Project.androidComponents: ApplicationAndroidComponentsExtension
    get() = extensions.getByType(ApplicationAndroidComponentsExtension::class.java)

fun Project.androidComponents(configure: Action<ApplicationAndroidComponentsExtension>) = extensions.configure("androidComponents", configure)
