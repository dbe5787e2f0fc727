include(":native")
