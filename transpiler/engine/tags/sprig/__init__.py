"""The functions of sprig v3.3, as Argo has them."""
