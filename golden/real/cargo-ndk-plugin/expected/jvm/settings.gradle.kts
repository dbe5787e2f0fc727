include(":player")
