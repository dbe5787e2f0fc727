include(":store")
