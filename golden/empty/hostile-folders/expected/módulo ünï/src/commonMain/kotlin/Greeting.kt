package com.example.rtq100

import uniffi.r_t_q_100.greet

/** Rust's greeting for [name]. */
fun greeting(name: String): String = greet(name)
