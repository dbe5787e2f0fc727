rootProject.name = "Diary"

include(":app")
