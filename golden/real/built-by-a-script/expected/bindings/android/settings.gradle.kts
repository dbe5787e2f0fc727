include(":example", ":lib")
