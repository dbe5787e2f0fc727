// Gobley's UniFFI plugin, as far as the starters configure it.

package gobley.gradle.uniffi.dsl

import org.gradle.api.Action
import org.gradle.api.model.ObjectFactory
import org.gradle.api.provider.Property
import javax.inject.Inject

interface BindingsGenerationFromLibrary {
    val omitChecksums: Property<Boolean>
}

abstract class UniFfiExtension @Inject constructor(objects: ObjectFactory) {
    val bindings: BindingsGenerationFromLibrary = objects.newInstance(BindingsGenerationFromLibrary::class.java)

    fun generateFromLibrary(configure: Action<BindingsGenerationFromLibrary>) = configure.execute(bindings)
}
