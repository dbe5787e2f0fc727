rootProject.name = "my-app"
