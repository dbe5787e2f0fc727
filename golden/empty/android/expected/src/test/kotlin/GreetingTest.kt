package com.example.myapp

import kotlin.test.Test
import kotlin.test.assertEquals

class GreetingTest {
    @Test
    fun rustGreetsByName() {
        assertEquals("Hello, Kotlin! This is Rust.", greeting("Kotlin"))
    }
}
