package com.example.rust

import uniffi.rust.greet

/** Rust's greeting for [name]. */
fun greeting(name: String): String = greet(name)
