// Cargo's tasks: the environment is a task input, keys to anything.

package gobley.gradle.cargo.tasks

import org.gradle.api.DefaultTask
import org.gradle.api.provider.ListProperty
import org.gradle.api.provider.MapProperty
import org.gradle.api.tasks.Input
import org.gradle.api.tasks.Optional
import java.io.File

abstract class CargoTask : DefaultTask() {
    @get:Input
    @get:Optional
    abstract val additionalEnvironment: MapProperty<String, Any>

    @get:Input
    @get:Optional
    abstract val additionalEnvironmentPath: ListProperty<File>
}

abstract class CargoBuildTask : CargoTask() {
    @get:Input
    abstract val extraArguments: ListProperty<String>
}

abstract class CargoCheckTask : CargoTask() {
    @get:Input
    abstract val extraArguments: ListProperty<String>
}
