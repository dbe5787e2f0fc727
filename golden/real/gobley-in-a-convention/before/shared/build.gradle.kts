plugins {
    id("notes.rust")
}

android {
    namespace = "org.example.notes"
}

cargo {
    packageDirectory = layout.projectDirectory.dir("../core")
}
