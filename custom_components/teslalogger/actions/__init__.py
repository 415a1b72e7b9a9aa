"""The actions as tables: what each takes, and the commands or the question that it becomes."""
