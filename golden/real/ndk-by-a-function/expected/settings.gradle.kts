includeBuild("logic")
includeBuild("../sample")
include(":lib")
