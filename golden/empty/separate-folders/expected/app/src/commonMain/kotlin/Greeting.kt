package com.example.rustcore

import uniffi.rust_core.greet

/** Rust's greeting for [name]. */
fun greeting(name: String): String = greet(name)
