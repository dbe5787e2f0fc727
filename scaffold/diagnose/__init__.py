"""Build logs and machine facts, held against tables: values in, values out."""
