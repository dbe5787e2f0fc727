package com.android.build.api

class AndroidPluginVersion(val major: Int, val minor: Int)
