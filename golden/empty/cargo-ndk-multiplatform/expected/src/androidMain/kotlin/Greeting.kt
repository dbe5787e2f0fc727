package com.example.myapp

import uniffi.my_app.greet

/** Rust's greeting for [name]. */
fun greeting(name: String): String = greet(name)
