import address from '../mark.svg';

export const Mark = ({ size }: { size: number }) => <img src={address} width={size} height={size} alt="" />;
