plugins {
    kotlin("jvm") version "2.3.21"
    application
}

application {
    mainClass = "com.example.myapp.MainKt"
}

tasks.named<JavaExec>("run") {
    // Where `cargo build` leaves the Rust library.
    val folder = layout.projectDirectory.dir("target/debug")
    systemProperty("java.library.path", folder.asFile.path)
}
