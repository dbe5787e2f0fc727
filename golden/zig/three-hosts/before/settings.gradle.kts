include(":desktop")
