/** As the command completes an image. A colon before the last slash is that of a registry's port. */
export const withTag = (image: string): string => (/:[^/]*$/.test(image) ? image : `${image}:latest`);
