rootProject.name = "converter"
