// Cargo's tasks.

package gobley.gradle.cargo.tasks

import gobley.gradle.InternalGobleyGradleApi
import gobley.gradle.tasks.CommandTask
import org.gradle.api.provider.ListProperty
import org.gradle.api.tasks.Input

@OptIn(InternalGobleyGradleApi::class)
abstract class CargoTask : CommandTask()

abstract class CargoBuildTask : CargoTask() {
    @get:Input
    abstract val extraArguments: ListProperty<String>
}

abstract class CargoCheckTask : CargoTask() {
    @get:Input
    abstract val extraArguments: ListProperty<String>
}
