"""What is plain in scripts of Java, MVEL, JavaScript and Groovy: conditions, and scripts that only set variables."""
