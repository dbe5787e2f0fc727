// The accessors that Gradle generates where AGP 9's multiplatform library plugin is applied: there is no `android`.

package accessors.agp9multiplatform

import com.android.build.api.variant.KotlinMultiplatformAndroidComponentsExtension
import org.gradle.api.Action
import org.gradle.api.Project

fun Project.androidComponents(configure: Action<KotlinMultiplatformAndroidComponentsExtension>) =
    extensions.configure("androidComponents", configure)
