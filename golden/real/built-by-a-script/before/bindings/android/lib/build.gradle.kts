plugins {
    id("com.android.library") version "8.13.2"
}

dependencies {
    implementation("net.java.dev.jna:jna:5.18.1@aar")
}
