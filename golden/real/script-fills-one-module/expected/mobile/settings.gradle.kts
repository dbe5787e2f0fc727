include(":demo", ":sdk")
