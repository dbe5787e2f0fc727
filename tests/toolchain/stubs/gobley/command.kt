// What every task of Gobley's inherits; its class is marked as internal, and yet scripts set its environment.

package gobley.gradle.tasks

import gobley.gradle.InternalGobleyGradleApi
import org.gradle.api.DefaultTask
import org.gradle.api.provider.ListProperty
import org.gradle.api.provider.MapProperty
import org.gradle.api.tasks.Input
import org.gradle.api.tasks.Optional
import java.io.File

@InternalGobleyGradleApi
abstract class CommandTask : DefaultTask() {
    @get:Input
    @get:Optional
    abstract val additionalEnvironment: MapProperty<String, Any>

    @get:Input
    @get:Optional
    abstract val additionalEnvironmentPath: ListProperty<File>
}
